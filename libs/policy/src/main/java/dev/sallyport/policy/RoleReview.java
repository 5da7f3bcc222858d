package dev.sallyport.policy;

import dev.sallyport.model.Quoted;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.Rule;
import dev.sallyport.policy.language.Condition;
import dev.sallyport.policy.language.InvalidExpression;
import dev.sallyport.policy.language.LabelPattern;
import dev.sallyport.policy.language.TraitTemplate;
import dev.sallyport.policy.language.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/// Looks for what a role says that policy could not follow, before the role is stored.
public final class RoleReview {
  private static final String DYNAMIC = "dynamic/";

  private RoleReview() {}

  /// What is wrong, with the field; empty when the role can be used.
  public static List<String> faults(Role role) {
    var faults = new ArrayList<String>();
    review("spec.allow", role.allow(), faults);
    review("spec.deny", role.deny(), faults);
    role.deny().dbLabels().values().keySet().stream()
        .filter(key -> key.startsWith(DYNAMIC))
        .forEach(key ->
            faults.add(
                "spec.deny.db_labels: labels of the namespace dynamic/ can not deny: their"
                    + " values come from the host that they describe"));
    return faults;
  }

  private static void review(String path, RoleConditions side, List<String> faults) {
    side.dbLabels()
        .values()
        .forEach((key, values) -> {
          template(path + ".db_labels", key, faults);
          values.forEach(value -> labelValue(path + ".db_labels", value, faults));
        });
    side.dbLabelsExpression()
        .ifPresent(source ->
            condition(path + ".db_labels_expression", source, LabelCase.VOCABULARY, faults));
    for (int i = 0; i < side.rules().size(); i++) {
      rule(path + ".rules[" + i + "]", side.rules().get(i), faults);
    }
    for (var dbUser : side.dbUsers()) {
      template(path + ".db_users", dbUser, faults);
      var plain = TraitTemplate.parse(dbUser) instanceof TraitTemplate.Plain;
      if (plain && dbUser.contains("*") && !dbUser.equals("*")) {
        faults.add(
            path
                + ".db_users: \"*\" means any user only when it stands alone; there are no other"
                + " wildcards");
      }
    }
  }

  private static void rule(String path, Rule rule, List<String> faults) {
    rule.where()
        .ifPresent(source -> condition(path + ".where", source, RuleCase.VOCABULARY, faults));
  }

  private static <S> void condition(
      String path, String source, Vocabulary<S> vocabulary, List<String> faults) {
    try {
      Condition.parse(source, vocabulary);
    } catch (InvalidExpression e) {
      faults.add("%s: could not parse %s: %s".formatted(path, Quoted.of(source), e.getMessage()));
    }
  }

  private static void labelValue(String path, String value, List<String> faults) {
    template(path, value, faults);
    if (TraitTemplate.parse(value) instanceof TraitTemplate.Plain
        && LabelPattern.parse(value) instanceof LabelPattern.Unreadable(String problem)) {
      faults.add(path + ": " + problem);
    }
  }

  private static void template(String path, String text, List<String> faults) {
    if (TraitTemplate.parse(text) instanceof TraitTemplate.Unreadable(String problem)) {
      faults.add(path + ": " + problem);
    }
  }
}
