package dev.sallyport.policy;

import dev.sallyport.model.InvalidRoleArn;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.RoleArn;
import dev.sallyport.model.Route;
import java.util.List;
import java.util.Optional;

/// Decides who may work in which database as which IAM role; the only maker of {@link Permit}.
///
/// In this order, and whatever is not allowed is denied: the certificate still lives and is for
/// this route; every role is there; no role denies the database by its labels, or the database user
/// anywhere; one single role both chooses the database by its labels and allows the database user.
/// What can't be read allows nothing and denies everything.
///
/// Pure and without state; for any thread.
public final class AccessPolicy {
  public Decision decide(AccessRequest request) {
    var early = expired(request).or(() -> wrongRoute(request)).or(() -> missingRole(request));
    if (early.isPresent()) {
      return early.get();
    }
    var verdicts =
        new RoleVerdicts(request.roles(), request.user().identity().traits(), request.database());
    var denying = verdicts.denyingDatabase();
    if (denying.isPresent()) {
      return new Denial(
          Denial.UNSEEN,
          List.of(
              "role %s denies the database by its labels"
                  .formatted(Quoted.of(denying.get().name()))),
          Denial.Code.EXPLICIT_DENY);
    }
    return decideUser(request, verdicts);
  }

  private static Decision decideUser(AccessRequest request, RoleVerdicts verdicts) {
    RoleArn asked;
    try {
      asked = RoleArn.of(request.dbUser(), request.database());
    } catch (InvalidRoleArn e) {
      var message = String.valueOf(e.getMessage());
      return new Denial(
          verdicts.visible() ? Denial.PREFIX + " " + message : Denial.UNSEEN,
          List.of(message),
          Denial.Code.INVALID_DB_USER);
    }
    var denying = verdicts.denyingUser(asked);
    if (denying.isPresent()) {
      return new Denial(
          verdicts.visible()
              ? "%s Database user %s is denied by a role."
                  .formatted(Denial.PREFIX, Quoted.of(request.dbUser()))
              : Denial.UNSEEN,
          List.of(
              "role %s denies database user %s"
                  .formatted(Quoted.of(denying.get().name()), Quoted.of(request.dbUser()))),
          Denial.Code.EXPLICIT_DENY);
    }
    return verdicts
        .allowing(asked)
        .<Decision>map(role -> new Permit(role.name(), asked, request.database(), request.user()))
        .orElseGet(() -> new Shortfall(request, verdicts, asked).denial());
  }

  private static Optional<Denial> expired(AccessRequest request) {
    var end = request.user().notAfter();
    if (request.now().isBefore(end)) {
      return Optional.empty();
    }
    return Optional.of(
        new Denial(
            "%s The certificate expired at %s; sign in again with 'tsh login'."
                .formatted(Denial.PREFIX, end),
            List.of("the certificate expired at " + end),
            Denial.Code.EXPIRED));
  }

  private static Optional<Denial> wrongRoute(AccessRequest request) {
    var right =
        request.user().identity().route().filter(route -> leadsTo(route, request)).isPresent();
    if (right) {
      return Optional.empty();
    }
    return Optional.of(
        new Denial(
            Denial.UNSEEN,
            List.of(
                "the certificate has no route to database %s as %s"
                    .formatted(Quoted.of(request.database().name()), Quoted.of(request.dbUser()))),
            Denial.Code.WRONG_ROUTE));
  }

  private static boolean leadsTo(Route route, AccessRequest request) {
    return route.database().equals(request.database().name())
        && route.protocol().equals(request.database().protocol())
        && route.dbUser().equals(request.dbUser());
  }

  private static Optional<Denial> missingRole(AccessRequest request) {
    if (request.roles().missing().isEmpty()) {
      return Optional.empty();
    }
    var name = request.roles().missing().getFirst();
    return Optional.of(
        new Denial(
            "%s role %s is not found; sign in again with 'tsh login'."
                .formatted(Denial.PREFIX, Quoted.of(name)),
            request.roles().missing().stream()
                .map(missing -> "role %s is not found".formatted(Quoted.of(missing)))
                .toList(),
            Denial.Code.MISSING_ROLE));
  }
}
