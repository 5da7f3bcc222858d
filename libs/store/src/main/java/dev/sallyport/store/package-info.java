/// The state of a cluster behind one port, with the engines that keep it. Engines are real
/// databases driven by plain JDBC and numbered migrations. What is stored, and who may change it,
/// is decided by the callers.
@NullMarked
package dev.sallyport.store;

import org.jspecify.annotations.NullMarked;
