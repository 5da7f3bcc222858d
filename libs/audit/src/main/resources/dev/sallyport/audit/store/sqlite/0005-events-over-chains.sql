-- An event may be told in two chains of one agent, and another event may claim its id.
DROP INDEX event_by_uid;

CREATE INDEX event_by_uid ON event (uid, chain);
