package dev.sallyport.policy.language;

/// How a value is got from a subject.
///
/// @param <S> what is judged
/// @param <T> the value
public interface Fact<S, T> {
  /// @throws Undecided when the subject does not tell it
  T of(S subject) throws Undecided;
}
