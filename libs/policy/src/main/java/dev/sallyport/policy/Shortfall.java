package dev.sallyport.policy;

import dev.sallyport.model.Quoted;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleArn;
import java.util.ArrayList;
import java.util.List;

/// Says why nothing allowed a request: which role came closest, and what it lacked.
final class Shortfall {
  /// How many roles are told of.
  static final int MAX_REASONS = 10;

  private static final int MAX_LISTED = 10;

  private final AccessRequest request;
  private final RoleVerdicts verdicts;
  private final RoleArn asked;

  Shortfall(AccessRequest request, RoleVerdicts verdicts, RoleArn asked) {
    this.request = request;
    this.verdicts = verdicts;
    this.asked = asked;
  }

  Denial denial() {
    var reasons = reasons();
    if (verdicts.choosing().isEmpty()) {
      return new Denial(Denial.UNSEEN, reasons, Denial.Code.NO_MATCHING_LABELS);
    }
    return new Denial(
        ("%s User does not have permissions: no role allows database user %s in %s. Confirm"
                + " database user and name ('tsh db ls' shows what is allowed).")
            .formatted(
                Denial.PREFIX, Quoted.of(request.dbUser()), Quoted.of(request.database().name())),
        reasons,
        Denial.Code.NO_MATCHING_DB_USER);
  }

  private List<String> reasons() {
    var byLabels = new ArrayList<String>();
    var byUser = new ArrayList<String>();
    var neither = new ArrayList<String>();
    for (var role : request.roles().effective()) {
      if (verdicts.chooses(role)) {
        byLabels.add(lacksUser(role));
      } else if (verdicts.allowsUser(role, asked)) {
        byUser.add(lacksLabels(role));
      } else {
        neither.add(lacksBoth(role));
      }
    }
    byLabels.addAll(byUser);
    byLabels.addAll(neither);
    if (byLabels.isEmpty()) {
      return List.of("the user has no roles");
    }
    return byLabels.subList(0, Math.min(MAX_REASONS, byLabels.size()));
  }

  private String lacksUser(Role role) {
    return "role %s chooses the database, but database user %s is not among its db_users %s"
        .formatted(
            Quoted.of(role.name()),
            Quoted.of(request.dbUser()),
            listed(verdicts.dbUsers().expand(role.allow().dbUsers(), false)));
  }

  private String lacksLabels(Role role) {
    return ("role %s allows database user %s, but its db_labels %s do not choose the database,"
            + " whose labels are %s")
        .formatted(
            Quoted.of(role.name()),
            Quoted.of(request.dbUser()),
            Quoted.of(role.allow().dbLabels().values().toString()),
            Quoted.of(request.database().labels().values().toString()));
  }

  private static String lacksBoth(Role role) {
    return "role %s neither chooses the database nor allows the database user"
        .formatted(Quoted.of(role.name()));
  }

  private static String listed(List<String> names) {
    var shown = names.stream().limit(MAX_LISTED).map(Quoted::of).toList();
    return names.size() > MAX_LISTED ? shown + " and more" : shown.toString();
  }
}
