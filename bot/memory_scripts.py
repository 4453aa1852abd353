"""The Lua scripts of bot/memory.py: each is one step of a message, whole or not at all, over keys
that share one hash tag.
"""

# KEYS: seen, lock, record, late, notices.  ARGV: token, lease_ms, reply_kept_s, notices_at_once.
# A pending mark whose run no longer holds the lock belongs to a worker that died: run it again.
BEGIN = """
local seen = redis.call('GET', KEYS[1])
if seen and string.sub(seen, 1, 1) == 'd' then return {'done', string.sub(seen, 2)} end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then
  if seen == 'p' .. holder then return {'pending'} end
  if string.sub(holder, 1, 1) == '~' then return {'detached', string.sub(holder, 2)} end
  return {'busy'}
end
redis.call('SET', KEYS[1], 'p' .. ARGV[1], 'EX', ARGV[3])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
local record = redis.call('HMGET', KEYS[3], 'v', 'b')
local notices = redis.call('LRANGE', KEYS[5], 0, ARGV[4] - 1)
return {'run', record[1] or '0', record[2] or '', redis.call('GET', KEYS[4]) or '', notices}
"""

# KEYS: seen, lock, record, late, pages, notices.  ARGV: token, version, body ('=' unchanged, ''
# none), reply ('' keep what stands), reply_kept_s, record_kept_s, late ('' drop, '=' keep, else
# set), 1 to release the lock, else the lease_ms to keep it, pages_kept_s ('' keep the pages), how
# many notices the reply tells, page…
# A retry after a lost answer finds its own reply or its own token and is told it went well. A
# lease that ran out is no harm while nobody has taken the message or changed the record.
SAVE = """
local version = redis.call('HGET', KEYS[3], 'v') or '0'
local holder = redis.call('GET', KEYS[2])
local detached = ARGV[4] == ''
if holder ~= ARGV[1] and holder ~= '~' .. ARGV[1] then
  local seen = redis.call('GET', KEYS[1])
  if not detached and seen == 'd' .. ARGV[4] then return 1 end
  if redis.call('HGET', KEYS[3], 't') == ARGV[1] then return 1 end
  if holder or not (detached or seen == 'p' .. ARGV[1]) then return 0 end
end
if version ~= ARGV[2] then return redis.call('HGET', KEYS[3], 't') == ARGV[1] and 1 or 0 end
if ARGV[3] == '' then redis.call('DEL', KEYS[3])
elseif ARGV[3] ~= '=' then
  redis.call('HSET', KEYS[3], 'v', version + 1, 'b', ARGV[3], 't', ARGV[1])
  redis.call('EXPIRE', KEYS[3], ARGV[6])
end
if not detached then redis.call('SET', KEYS[1], 'd' .. ARGV[4], 'EX', ARGV[5]) end
if ARGV[7] == '' then redis.call('DEL', KEYS[4])
elseif ARGV[7] ~= '=' then redis.call('SET', KEYS[4], ARGV[7], 'EX', 86400) end -- a day
if ARGV[9] ~= '' then
  redis.call('DEL', KEYS[5])
  for page = 11, #ARGV do redis.call('RPUSH', KEYS[5], ARGV[page]) end
  redis.call('EXPIRE', KEYS[5], ARGV[9])
end
if ARGV[10] ~= '0' then redis.call('LTRIM', KEYS[6], ARGV[10], -1) end
if ARGV[8] == '1' then redis.call('DEL', KEYS[2])
else redis.call('SET', KEYS[2], '~' .. ARGV[1], 'PX', ARGV[8]) end
return 1
"""

# KEYS: seen, lock, late.  ARGV: token, reply, reply_kept_s, lease_ms, promise.
DETACH = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'd' .. ARGV[2], 'EX', ARGV[3])
redis.call('SET', KEYS[2], '~' .. ARGV[1], 'PX', ARGV[4])
redis.call('SET', KEYS[3], ARGV[5], 'EX', 86400) -- a day
return 1
"""

# KEYS: lock.  ARGV: token, lease_ms.
RENEW = """
local holder = redis.call('GET', KEYS[1])
if holder ~= ARGV[1] and holder ~= '~' .. ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

# KEYS: lock, late.  ARGV: token, 1 when the late answer has been delivered.
# Without the lock, what is owed may be somebody else's by now.
RELEASE = """
if redis.call('GET', KEYS[1]) ~= '~' .. ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[2] == '1' then redis.call('DEL', KEYS[2]) end
return 1
"""

# KEYS: notices.  ARGV: notice, kept_s.  Offered twice, it stands there once.
KEEP = """
if redis.call('LPOS', KEYS[1], ARGV[1]) then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""

# KEYS: record, lock.  ARGV: the body as it was read, the new one. Not while a turn runs, and the
# version rises, so that a turn whose lease has just run out does not write over it.
REPLACE = """
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
if redis.call('HGET', KEYS[1], 'b') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'b', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'v', 1)
return 1
"""

ALL = (BEGIN, SAVE, DETACH, RENEW, RELEASE, KEEP, REPLACE)
