/// The one place that answers whether an identity may use a database now, and why. It is pure:
/// facts and the instant come in as arguments, a permit or a denial with reasons goes out. A permit
/// cannot be made anywhere else.
@NullMarked
package dev.sallyport.policy;

import org.jspecify.annotations.NullMarked;
