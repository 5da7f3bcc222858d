package dev.sallyport.policy.language;

/// A piece of an expression.
///
/// @param at where it begins, from 0
/// @param text a name as written, a text without its quotes, or the sign itself
record Token(Kind kind, int at, String text) {
  enum Kind {
    NAME,
    TEXT,
    SIGN,
    END
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }
}
