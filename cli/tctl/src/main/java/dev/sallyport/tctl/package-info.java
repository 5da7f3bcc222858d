/// The `tctl` command for people who run a cluster: users, roles, tokens, databases, locks and
/// audit. It asks the authority for everything and keeps no state. Home folder, environment and
/// streams are arguments.
@NullMarked
package dev.sallyport.tctl;

import org.jspecify.annotations.NullMarked;
