/// Proving who somebody is: passwords, the brake on guessing, sign-in, invites and resets.
@NullMarked
package dev.sallyport.auth.login;

import org.jspecify.annotations.NullMarked;
