/// The embedded engine: one SQLite file in the data directory of the one process that owns it.
@NullMarked
package dev.sallyport.store.sqlite;

import org.jspecify.annotations.NullMarked;
