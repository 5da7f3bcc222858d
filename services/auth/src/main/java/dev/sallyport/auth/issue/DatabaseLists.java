package dev.sallyport.auth.issue;

import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.auth.users.ListPages;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.control.DatabaseAccessList;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.policy.DatabaseFilter;
import dev.sallyport.policy.DatabaseListing;
import dev.sallyport.resources.ResourceJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Which databases people may see, and as whom they may use them.
public final class DatabaseLists {
  private final UserRoles userRoles;
  private final ResourceState resources;
  private final ListPages pages;

  public DatabaseLists(UserRoles userRoles, ResourceState resources, ListPages pages) {
    this.userRoles = userRoles;
    this.resources = resources;
    this.pages = pages;
  }

  /// A page of the databases that the user may see, by name, each once however many hosts serve it.
  ///
  /// @param query only those of which this condition holds
  /// @param token of the page before; empty = the first page
  public DatabaseAccessList list(
      VerifiedUser caller, Optional<String> query, Optional<String> token) {
    userRoles.requireOpen(caller);
    var wanted = filter(query);
    var list = "databases of " + caller.identity().user();
    var last = pages.after(list, token);
    var listing = new DatabaseListing(caller.identity(), userRoles.of(caller));
    var found = new ArrayList<DatabaseAccess>();
    var page = new ListPages.Page();
    for (var server : resources.serversBehind(last)) {
      var database = server.database();
      if (database.name().equals(last) || !listing.visible(database)) {
        continue;
      }
      var health = health(database.name());
      if (!wanted.test(database, health)) {
        continue;
      }
      if (page.full()) {
        return new DatabaseAccessList(found, Optional.of(pages.next(list, last)));
      }
      var users = listing.allowedUsers(database);
      var access =
          new DatabaseAccess(
              withHealth(ResourceJson.toJson(database), health),
              users.allowed(),
              users.denied(),
              users.wildcard());
      page.add(ControlJson.MAPPER.valueToTree(access));
      found.add(access);
      last = database.name();
    }
    return new DatabaseAccessList(found, Optional.empty());
  }

  /// What the agents of a database say of it: one word if they agree.
  private String health(String database) {
    var words =
        resources.serversOf(database).stream()
            .map(server -> server.healthStatus().word())
            .distinct()
            .toList();
    return words.size() == 1 ? words.getFirst() : "mixed";
  }

  /// The word alone: what an agent met when it looked is for administrators.
  private static ObjectNode withHealth(ObjectNode database, String health) {
    database.putObject("status").putObject("target_health").put("status", health);
    return database;
  }

  private static DatabaseFilter filter(Optional<String> query) {
    try {
      return DatabaseFilter.of(Map.of(), List.of(), query);
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, String.valueOf(e.getMessage()), e);
    }
  }
}
