package dev.sallyport.model;

/// Whether a user is a person or a program.
public enum UserKind {
  /// A person who signs in.
  HUMAN,
  /// A program with an identity of its own.
  BOT
}
