package dev.sallyport.policy;

import dev.sallyport.model.Quoted;
import dev.sallyport.model.Route;
import dev.sallyport.model.UserIdentity;
import java.util.List;
import java.util.Optional;

/// Decides who may work in which database as which IAM role; the only maker of {@link Permit}.
///
/// In this order, and whatever is not allowed is denied: the certificate still lives and is for
/// this route; no lock is in force and the second factor is there that the cluster asks for; every
/// role is there; no role denies the database by its labels, or the database user anywhere; one
/// single role both chooses the database by its labels and allows the database user. What can't be
/// read allows nothing and denies everything. It must be allowed by the traits of the certificate
/// and by those that the user has now.
///
/// Pure and without state; for any thread.
public final class AccessPolicy {
  public Decision decide(AccessRequest request) {
    var early = expired(request).or(() -> wrongRoute(request));
    if (early.isPresent()) {
      return early.get();
    }
    var views = request.roles().views(request.user().identity());
    for (var current : views.subList(1, views.size())) {
      if (decide(request, current) instanceof Denial denial) {
        return denial;
      }
    }
    return decide(request, views.getFirst());
  }

  private static Decision decide(AccessRequest request, UserIdentity user) {
    var check =
        new AccessCheck(
            user, request.roles(), request.database(), request.dbUser(), request.circumstances());
    return switch (check.run()) {
      case AccessCheck.Result.Allowed(var role, var roleArn) ->
          new Permit(role.name(), roleArn, request.database(), request.user());
      case AccessCheck.Result.Refused(Denial denial) -> denial;
    };
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
}
