package dev.sallyport.auth.users;

import dev.sallyport.model.User;
import dev.sallyport.model.UserStatus;
import java.time.Instant;
import java.util.Optional;

/// Who is kept from signing in because of failed tries, for administrators to see and to end.
///
/// Such a lock holds for the address of the tries alone, and is no part of the user: it is shown in
/// `status` when somebody reads the user, and never kept with them.
public interface FailureLocks {
  /// What the status of such a user says.
  String MESSAGE = "user has exceeded maximum failed login attempts";

  /// The lock under a name, and of several the one that lasts longest.
  Optional<UserStatus> lockOf(String user);

  /// Ends all locks under a name and forgets its failures.
  void clear(String user);

  /// The user with the lock of failed tries, unless an administrator locked them anyway.
  default User shown(User user) {
    return user.status().locked() ? user : lockOf(user.name()).map(user::withStatus).orElse(user);
  }

  /// The user without a lock of failed tries, as somebody read and now writes it back.
  static User kept(User user) {
    var read = user.status().lockedMessage().filter(MESSAGE::equals).isPresent();
    return read ? user.withStatus(UserStatus.OPEN) : user;
  }

  /// What a lock of failed tries looks like.
  static UserStatus status(Instant since, Instant until) {
    return new UserStatus(true, Optional.of(until), Optional.of(MESSAGE), Optional.of(since));
  }
}
