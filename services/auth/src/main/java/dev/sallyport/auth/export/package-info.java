/// Copies of all records to places outside: each place has one reader of the audit store that goes
/// on where it was, tries again until the place has a record, and holds nobody up.
@NullMarked
package dev.sallyport.auth.export;

import org.jspecify.annotations.NullMarked;
