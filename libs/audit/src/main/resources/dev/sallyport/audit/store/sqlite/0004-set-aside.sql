-- Records that only keep their place in a chain, since they are no events that their sender may report.
ALTER TABLE record ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0;

CREATE INDEX record_set_aside ON record (id) WHERE set_aside = 1;
