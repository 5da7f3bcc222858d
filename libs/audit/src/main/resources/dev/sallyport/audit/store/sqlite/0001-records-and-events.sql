-- From where to where each chain is kept.
CREATE TABLE chain (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  first BIGINT NOT NULL,
  anchor TEXT NOT NULL,
  last BIGINT NOT NULL,
  head TEXT NOT NULL
);

-- The records as they came. The id is the order of arrival, and never used again.
CREATE TABLE record (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chain BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  came_millis BIGINT NOT NULL,
  body TEXT NOT NULL
);

CREATE UNIQUE INDEX record_by_chain ON record (chain, sequence);
CREATE INDEX record_by_came ON record (chain, came_millis, sequence);

-- What a search goes by, one row an event: the intent and the outcome of a request are one.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  record BIGINT NOT NULL,
  chain BIGINT NOT NULL,
  uid TEXT NOT NULL,
  time_millis BIGINT NOT NULL,
  type TEXT NOT NULL,
  user_name TEXT NOT NULL,
  db TEXT NOT NULL,
  op TEXT NOT NULL,
  session TEXT NOT NULL,
  status TEXT NOT NULL,
  http_status INTEGER NOT NULL
);

CREATE UNIQUE INDEX event_by_uid ON event (uid, chain);
CREATE INDEX event_by_record ON event (record);
CREATE INDEX event_by_time ON event (time_millis);
CREATE INDEX event_by_user ON event (user_name, time_millis);
CREATE INDEX event_by_db ON event (db, time_millis) WHERE db <> '';
CREATE INDEX event_by_type ON event (type, time_millis);
CREATE INDEX event_by_op ON event (op, time_millis) WHERE op <> '';
CREATE INDEX event_by_session ON event (session, time_millis) WHERE session <> '';
CREATE INDEX event_by_status ON event (status, time_millis) WHERE status <> 'ok';

-- The tables of a request.
CREATE TABLE event_table (
  name TEXT NOT NULL,
  time_millis BIGINT NOT NULL,
  event BIGINT NOT NULL,
  PRIMARY KEY (name, time_millis, event)
) WITHOUT ROWID;

CREATE INDEX event_table_by_event ON event_table (event);

-- What the holders of chains signed.
CREATE TABLE checkpoint (
  chain BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (chain, sequence, body)
) WITHOUT ROWID;

-- How far exporters have come.
CREATE TABLE bookmark (
  reader TEXT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL
);
