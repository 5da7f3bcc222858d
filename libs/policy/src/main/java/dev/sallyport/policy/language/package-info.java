/// The small languages that roles are written in: patterns of labels, conditions, and templates
/// that stand for a user's traits. All are read strictly, within limits, and before anything is
/// judged by them; what can't be evaluated is told apart from what is false.
@NullMarked
package dev.sallyport.policy.language;

import org.jspecify.annotations.NullMarked;
