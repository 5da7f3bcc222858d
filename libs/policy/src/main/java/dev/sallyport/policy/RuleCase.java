package dev.sallyport.policy;

import dev.sallyport.model.UserIdentity;
import dev.sallyport.policy.language.Undecided;
import dev.sallyport.policy.language.Vocabulary;
import java.util.List;
import java.util.Optional;

/// What the condition of a rule is judged by: who asks, and for what.
record RuleCase(UserIdentity user, RuleTarget target) {
  /// The names that a condition may use.
  static final Vocabulary<RuleCase> VOCABULARY =
      Vocabulary.<RuleCase>empty()
          .text("user.metadata.name", asked -> asked.user().user())
          .texts("user.spec.roles", asked -> asked.user().roles())
          .textsMap("user.spec.traits", asked -> asked.user().traits())
          .text("resource.kind", asked -> asked.target().kind())
          .text("resource.metadata.name", asked -> asked.thing().name())
          .textMap("resource.metadata.labels", asked -> asked.thing().labels())
          .texts("session.participants", RuleCase::participants)
          .texts("ssh_session.participants", RuleCase::participants);

  private RuleTarget.Thing thing() throws Undecided {
    return known(target.thing(), "the resource");
  }

  private List<String> participants() throws Undecided {
    return known(thing().participants(), "who took part");
  }

  private static <T> T known(Optional<T> fact, String name) throws Undecided {
    if (fact.isEmpty()) {
      throw Undecided.untold(name);
    }
    return fact.get();
  }
}
