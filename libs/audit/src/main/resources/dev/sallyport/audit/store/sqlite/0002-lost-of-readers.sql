-- What retention dropped before a reader had it.
ALTER TABLE bookmark ADD COLUMN lost BIGINT NOT NULL DEFAULT 0;
