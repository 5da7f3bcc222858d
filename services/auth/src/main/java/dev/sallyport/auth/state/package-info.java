/// The typed view of the state store: which key holds what, in which JSON. The only place that
/// knows keys; nothing here decides who may read or write.
@NullMarked
package dev.sallyport.auth.state;

import org.jspecify.annotations.NullMarked;
