/// The embedded engine of the audit store: one SQLite file in the data directory of Auth.
@NullMarked
package dev.sallyport.audit.store.sqlite;

import org.jspecify.annotations.NullMarked;
