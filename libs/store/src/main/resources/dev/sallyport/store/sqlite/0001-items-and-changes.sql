-- What the store holds now.
CREATE TABLE item (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  revision BIGINT NOT NULL,
  expires_millis BIGINT
);

CREATE INDEX item_by_expiry ON item (expires_millis) WHERE expires_millis IS NOT NULL;

-- The last changes. They name keys only: the values of the past are not kept.
CREATE TABLE change (
  revision BIGINT NOT NULL PRIMARY KEY,
  key TEXT NOT NULL,
  deleted INTEGER NOT NULL
);

-- One row, locked by each commit: that is what puts revisions into commit order.
CREATE TABLE head (
  id INTEGER NOT NULL PRIMARY KEY,
  revision BIGINT NOT NULL
);

INSERT INTO head (id, revision) VALUES (1, 0);
