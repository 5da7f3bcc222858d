/// Locks at the Auth Service: which are in force, whom they hit, and what of them may be shown.
@NullMarked
package dev.sallyport.auth.locks;

import org.jspecify.annotations.NullMarked;
