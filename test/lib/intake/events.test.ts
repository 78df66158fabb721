import { describe, expect, it } from 'vitest';
import { hardwareEventIn, isGoodNews } from '../../../lib/intake/events.ts';

describe('a hardware event is known', () => {
  it.each([
    ['by its code', 'gpuAbnormal'],
    ['in another case', 'GPUAbnormal'],
    ['with underscores', 'gpu_abnormal'],
    ['by its display name', 'GPU failure'],
    ['by its Chinese name', 'GPU故障'],
    ['out of memory', 'kernelOom'],
    ['PCIe', 'pcieAer'],
    ['PCIe, as for servers', 'cphServerPcieError'],
    ['SCSI', 'scsiError'],
    ['disk', 'cphServerDiskError'],
    ['disk full', 'cphServerDiskFull'],
    ['a disk that became read-only', 'cphDiskReadOnly'],
    ['image storage', 'Image storage became read-only'],
    ['a lost GPU', 'cphServerGpuOffline'],
    ['a reboot of the server', 'cphServerOsReboot'],
    ['a link that is down', 'cphServerlinkDown'],
    ['a super block', 'badSuperBlock'],
    ['a fault in words of its own', 'Disk fault'],
  ])('%s: %s', (_what, name) => {
    expect(hardwareEventIn(['other', name])).toBe(name);
    expect(isGoodNews([name])).toBe(false);
  });

  it.each(['encode_server_abnormal', 'encode_server_hung', 'reboot', 'gpu_util', 'gpuNormal', '', '故障'])(
    'and %j is none',
    (name) => {
      expect(hardwareEventIn([name])).toBeUndefined();
    },
  );

  it('and good news is known as such', () => {
    for (const name of ['gpuNormal', 'GPU back to normal', 'gpu_normal'])
      expect(isGoodNews([name])).toBe(true);
    expect(isGoodNews(['abnormal', 'encode_server_abnormal'])).toBe(false);
  });
});
