package dev.sallyport.policy;

import dev.sallyport.model.Quoted;
import dev.sallyport.model.RoleArn;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Says why nothing allowed a request: which role came closest, and what it lacked.
final class Shortfall {
  /// How many roles are told of.
  static final int MAX_REASONS = 10;

  private static final int MAX_LISTED = 10;

  private final RoleVerdicts verdicts;
  private final String dbUser;
  private final RoleArn asked;

  Shortfall(RoleVerdicts verdicts, String dbUser, RoleArn asked) {
    this.verdicts = verdicts;
    this.dbUser = dbUser;
    this.asked = asked;
  }

  Denial denial(boolean explained) {
    var reasons = reasons();
    if (verdicts.choosing().isEmpty()) {
      return Denial.of("", reasons, Denial.Code.NO_MATCHING_LABELS, explained);
    }
    var hint =
        "No role allows database user %s in %s ('tsh db ls' shows what is allowed)."
            .formatted(Quoted.of(dbUser), Quoted.of(verdicts.database().name()));
    return Denial.of(hint, reasons, Denial.Code.NO_MATCHING_DB_USER, explained);
  }

  /// Those first that lack the least. A role that names no database user at all, such as a preset,
  /// was not meant for this and comes after those that do.
  private List<String> reasons() {
    var byLabels = new ArrayList<String>();
    var byLabelsAlone = new ArrayList<String>();
    var byUser = new ArrayList<String>();
    var neither = new ArrayList<String>();
    for (var role : verdicts.all()) {
      if (verdicts.chooses(role)) {
        var nobody = verdicts.dbUsers(role.allow()).isEmpty();
        (nobody ? byLabelsAlone : byLabels).add(lacksUser(role));
      } else if (verdicts.allowsUser(role, asked)) {
        byUser.add(lacksLabels(role));
      } else {
        neither.add(lacksBoth(role));
      }
    }
    byLabels.addAll(byLabelsAlone);
    byLabels.addAll(byUser);
    byLabels.addAll(neither);
    if (byLabels.isEmpty()) {
      return List.of("the user has no roles");
    }
    return byLabels.subList(0, Math.min(MAX_REASONS, byLabels.size()));
  }

  private String lacksUser(JudgedRole role) {
    return "role %s chooses the database, but database user %s is not among its db_users %s"
        .formatted(Quoted.of(role.name()), Quoted.of(dbUser), users(verdicts, role));
  }

  private String lacksLabels(JudgedRole role) {
    return "role %s allows database user %s, but %s"
        .formatted(Quoted.of(role.name()), Quoted.of(dbUser), labels(verdicts, role));
  }

  private static String lacksBoth(JudgedRole role) {
    return "role %s neither chooses the database nor allows the database user"
        .formatted(Quoted.of(role.name()));
  }

  /// Why the role's labels or its expression do not choose the database.
  static String labels(RoleVerdicts verdicts, JudgedRole role) {
    var seen = Quoted.of(new TreeMap<>(verdicts.labelsFor(role)).toString());
    if (verdicts.byLabels(role) != JudgedSide.Match.NO
        && verdicts.byExpression(role) == JudgedSide.Match.NO) {
      return "its db_labels_expression %s does not hold for the database, whose labels are %s"
          .formatted(Quoted.of(role.role().allow().dbLabelsExpression().orElse("")), seen);
    }
    return "its db_labels %s do not choose the database, whose labels are %s"
        .formatted(Quoted.of(role.role().allow().dbLabels().values().toString()), seen);
  }

  /// The database users that the role allows.
  static String users(RoleVerdicts verdicts, JudgedRole role) {
    var names = verdicts.dbUsers(role.allow());
    var shown = names.stream().limit(MAX_LISTED).map(Quoted::of).toList();
    return names.size() > MAX_LISTED ? shown + " and more" : shown.toString();
  }
}
