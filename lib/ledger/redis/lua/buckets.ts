/**
 * Maps that stay small at any size: hashes of at most some hundred entries, which Redis keeps as listpacks (35 to 50
 * bytes an entry instead of 100). One more hash for every forty entries, by linear hashing: a growing map splits one
 * bucket at a time, so no step ever has to move more than one.
 */
export const BUCKETS = /* lua */ `
local FULL = 40
local widths = {}
local function width(kind)
  widths[kind] = widths[kind] or tonumber(call('HGET', M, kind .. '%') or 1)
  return widths[kind]
end
local halves, hashes = {}, {}
-- The largest power of two within n.
local function half(n)
  if not halves[n] then
    local m = 1
    while m * 2 <= n do m = m * 2 end
    halves[n] = m
  end
  return halves[n]
end
local function hashOf(by)
  hashes[by] = hashes[by] or tonumber(string.sub(redis.sha1hex(by), 1, 8), 16)
  return hashes[by]
end
local function place(by, n)
  local hash, m = hashOf(by), half(n)
  local bucket = hash % (m * 2)
  if bucket >= n then bucket = hash % m end
  return bucket
end
local function bucketOf(kind, by) return P .. kind .. place(by, width(kind)) end
-- What an entry is placed by: its own name, unless a part below says otherwise.
local placedBy = {}
local function grow(kind)
  local n = width(kind)
  if call('HINCRBY', M, kind .. '#', 1) <= n * FULL then return end
  local from = P .. kind .. (n - half(n))
  local entries = call('HGETALL', from)
  for i = 1, #entries, 2 do
    local by = placedBy[kind] and placedBy[kind](entries[i]) or entries[i]
    if place(by, n + 1) == n then
      call('HSET', P .. kind .. n, entries[i], entries[i + 1])
      call('HDEL', from, entries[i])
    end
  end
  widths[kind] = n + 1
  call('HSET', M, kind .. '%', n + 1)
end
local function put(kind, by, name, value)
  if call('HSET', bucketOf(kind, by), name, value) == 1 then grow(kind) end
end
local function drop(kind, by, name)
  if call('HDEL', bucketOf(kind, by), name) == 0 then return false end
  call('HINCRBY', M, kind .. '#', -1)
  return true
end
local function each(kind, visit)
  for bucket = 0, width(kind) - 1 do
    local entries = call('HGETALL', P .. kind .. bucket)
    for i = 1, #entries, 2 do visit(entries[i], entries[i + 1]) end
  end
end
`;
