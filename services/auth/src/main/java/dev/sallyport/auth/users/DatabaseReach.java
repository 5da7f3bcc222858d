package dev.sallyport.auth.users;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Database;
import dev.sallyport.model.Kind;
import dev.sallyport.policy.DatabaseListing;
import dev.sallyport.policy.RuleEngine;
import dev.sallyport.policy.Verb;
import java.util.Map;
import java.util.function.Predicate;

/// Which databases a caller may write about: a rule is not enough, their roles must also choose the
/// database by its labels. So nobody can describe, or take away, what they could not use. Dynamic
/// labels do not count: agents drop those of a resource, and whoever writes it chose them.
final class DatabaseReach {
  private final UserRoles userRoles;

  DatabaseReach(UserRoles userRoles) {
    this.userRoles = userRoles;
  }

  /// Which databases are in reach, by one view of the caller's roles.
  Predicate<Database> of(Caller caller) {
    return switch (caller) {
      case Caller.Admin _ -> _ -> true;
      case Caller.Person(var user) ->
          judge(new DatabaseListing(user.identity(), userRoles.of(user)));
      case Caller.Web _, Caller.Part _, Caller.RouteHolder _, Caller.Joining _ -> _ -> false;
    };
  }

  private static Predicate<Database> judge(DatabaseListing listing) {
    return database -> listing.visible(database.withDynamicLabels(Map.of()));
  }

  /// @throws ControlException of kind ACCESS_DENIED if it is out of reach
  void require(Caller caller, Database database, Verb verb) {
    if (!of(caller).test(database)) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED,
          RuleEngine.refusal(Kind.DB.wireName(), verb)
              + ": none of your roles chooses database \"%s\" by its labels (db_labels)"
                  .formatted(database.name()));
    }
  }
}
