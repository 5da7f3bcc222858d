package dev.sallyport.policy;

import dev.sallyport.model.UserIdentity;
import dev.sallyport.policy.language.Vocabulary;
import java.util.Map;

/// What a `db_labels_expression` is judged by: who asks, and the database's labels.
record LabelCase(UserIdentity user, Map<String, String> labels) {
  /// The names that an expression may use.
  static final Vocabulary<LabelCase> VOCABULARY =
      Vocabulary.withLabels(LabelCase::labels)
          .text("user.metadata.name", asked -> asked.user().user())
          .texts("user.spec.roles", asked -> asked.user().roles())
          .textsMap("user.spec.traits", asked -> asked.user().traits());
}
