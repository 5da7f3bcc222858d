-- The hashes of the values of a request's key attributes.
CREATE TABLE event_key (
  hash BLOB NOT NULL,
  time_millis BIGINT NOT NULL,
  event BIGINT NOT NULL,
  PRIMARY KEY (hash, time_millis, event)
) WITHOUT ROWID;

CREATE INDEX event_key_by_event ON event_key (event);
