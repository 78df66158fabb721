/**
 * Events of cloud-phone servers that say more than "look here": faults that no restart of an encode server mends,
 * and good news. The CPH user guide lists them under "CPH Events"; the page's table could be read in part only.
 */

/** The first of an alarm's names that is a hardware event's, as it was written. */
export function hardwareEventIn(names: readonly string[]): string | undefined {
  return names.find((name) => HARDWARE.has(folded(name)));
}

export function isGoodNews(names: readonly string[]): boolean {
  return names.some((name) => GOOD_NEWS.has(folded(name)));
}

/** Codes are camelCase, display names have spaces, and other spellings are met: letters and digits count. */
const folded = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const DOCUMENTED = [
  ['gpuAbnormal', 'GPU failure', 'GPU故障'],
  ['kernelOom', 'Kernel OOM'],
  ['hardwareError', 'Hardware malfunction'],
  ['pcieAer', 'PCIe error'],
  ['scsiError', 'SCSI error'],
  ['partReadOnly', 'Image storage became read-only'],
  // The page prints gpuNormal as its code, which is that of another event; its display name tells them apart.
  ['kernelCrash', 'Kernel crash'],
];

/** From memory of the list of events that Cloud Eye supports; not found in any page read. */
const UNVERIFIED = [
  'badSuperBlock',
  'isuladMasterReadOnly',
  'cphDiskReadOnly',
  'cphDiskBadSuperBlock',
  'cphServerOsShutdown',
  'cphServerShutdown',
  'cphServerOsReboot',
  'cphServerReboot',
  'cphServerlinkDown',
  'cphServerPcieError',
  'cphServerDiskError',
  'cphServerStorageError',
  'cphServerGpuOffline',
  'cphServerGpuTimeOut',
  'cphServerDiskFull',
  'cphServerDiskReadOnly',
  'cphPhoneMetaDataDamage',
];

/** The same faults without their prefix. A bare "reboot" or "shutdown" may be of anything, so those need theirs. */
const LIKELY = [
  'gpuError',
  'gpuLost',
  'gpuLostCard',
  'gpuOffline',
  'gpuTimeOut',
  'diskBadSuperBlock',
  'diskError',
  'diskFailure',
  'diskFault',
  'diskReadOnly',
  'storageError',
  'hardwareFailure',
  'hardwareFault',
  'pcieBusError',
  'cphServerScsiError',
  'cphServerKernelCrash',
  'cphServerKernelOom',
  'cphServerHardwareError',
];

const HARDWARE: ReadonlySet<string> = new Set([...DOCUMENTED.flat(), ...UNVERIFIED, ...LIKELY].map(folded));
const GOOD_NEWS: ReadonlySet<string> = new Set(
  ['gpuNormal', 'GPU back to normal', 'GPU恢复正常', 'cphServerGpuNormal'].map(folded),
);
