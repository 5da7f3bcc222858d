package dev.sallyport.policy;

import dev.sallyport.model.Role;

/// A role that has been read for judging: once, however often it is judged by.
final class JudgedRole {
  private final Role role;
  private final JudgedSide allow;
  private final JudgedSide deny;

  JudgedRole(Role role) {
    this.role = role;
    this.allow = new JudgedSide(role.allow(), false);
    this.deny = new JudgedSide(role.deny(), true);
  }

  Role role() {
    return role;
  }

  String name() {
    return role.name();
  }

  JudgedSide allow() {
    return allow;
  }

  JudgedSide deny() {
    return deny;
  }
}
