/// What administrators manage: users and their invites, join tokens, and resources in general. The
/// callers' rules are checked before; here it is made sure that the state stays sound.
@NullMarked
package dev.sallyport.auth.users;

import org.jspecify.annotations.NullMarked;
