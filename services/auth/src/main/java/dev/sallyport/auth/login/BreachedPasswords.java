package dev.sallyport.auth.login;

import dev.sallyport.model.Secret;

/// Passwords that were in data breaches. Attackers try them first, so nobody may choose one.
@FunctionalInterface
public interface BreachedPasswords {
  /// Where no list was given.
  BreachedPasswords NONE = _ -> false;

  /// Whether the password is one of them.
  ///
  /// @throws dev.sallyport.control.ControlException of kind UNAVAILABLE if that can't be told now
  boolean contains(Secret password);
}
