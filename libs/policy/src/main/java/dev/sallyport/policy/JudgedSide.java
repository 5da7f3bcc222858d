package dev.sallyport.policy;

import dev.sallyport.model.RoleArn;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.policy.language.Condition;
import dev.sallyport.policy.language.InvalidExpression;
import dev.sallyport.policy.language.Undecided;
import java.util.Map;
import java.util.Optional;

/// What one side of a role says of databases, read once.
final class JudgedSide {
  /// What labels and expression come to, each by itself.
  enum Match {
    /// The role does not have it.
    ABSENT,
    YES,
    NO
  }

  private final boolean deny;
  private final LabelMatch labels;
  private final DbUserList dbUsers;
  private final Optional<Condition<LabelCase>> expression;
  private final boolean broken;

  JudgedSide(RoleConditions side, boolean deny) {
    this.deny = deny;
    this.labels = new LabelMatch(side.dbLabels(), deny);
    this.dbUsers = new DbUserList(side.dbUsers(), deny);
    this.expression = side.dbLabelsExpression().flatMap(JudgedSide::read);
    this.broken = side.dbLabelsExpression().isPresent() && expression.isEmpty();
  }

  private static Optional<Condition<LabelCase>> read(String source) {
    try {
      return Optional.of(Condition.parse(source, LabelCase.VOCABULARY));
    } catch (InvalidExpression e) {
      return Optional.empty();
    }
  }

  /// Whether the side takes the database in: to allow, by labels and expression, to deny, by one of
  /// them. Neither takes in nothing.
  boolean chooses(Map<String, String> values, UserIdentity user) {
    var byLabels = byLabels(values, user);
    if (deny) {
      return byLabels == Match.YES || byExpression(values, user) == Match.YES;
    }
    if (byLabels == Match.NO) {
      return false;
    }
    var byExpression = byExpression(values, user);
    return byExpression != Match.NO && (byLabels == Match.YES || byExpression == Match.YES);
  }

  Match byLabels(Map<String, String> values, UserIdentity user) {
    if (labels.asksForNothing()) {
      return Match.ABSENT;
    }
    return labels.matches(values, user.traits()) ? Match.YES : Match.NO;
  }

  /// What can't be evaluated allows nothing and denies everything.
  Match byExpression(Map<String, String> values, UserIdentity user) {
    if (broken) {
      return deny ? Match.YES : Match.NO;
    }
    if (expression.isEmpty()) {
      return Match.ABSENT;
    }
    try {
      return expression.get().holds(new LabelCase(user, values)) ? Match.YES : Match.NO;
    } catch (Undecided e) {
      return deny ? Match.YES : Match.NO;
    }
  }

  /// Whether the IAM role is among the side's database users.
  boolean hits(RoleArn asked, UserIdentity user) {
    return dbUsers.hits(asked, user.traits());
  }

  DbUserList dbUsers() {
    return dbUsers;
  }
}
