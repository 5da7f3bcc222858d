/// Second factors: codes from apps and keys, how they are registered, asked for and checked.
/// Nothing is kept for a challenge that nobody answers.
@NullMarked
package dev.sallyport.auth.mfa;

import org.jspecify.annotations.NullMarked;
