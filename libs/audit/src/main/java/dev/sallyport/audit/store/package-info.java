/// Where Auth keeps what was recorded: the chains record by record, exactly as they came, and
/// beside them what a search needs. The interface is ready for a shared engine.
@NullMarked
package dev.sallyport.audit.store;

import org.jspecify.annotations.NullMarked;
