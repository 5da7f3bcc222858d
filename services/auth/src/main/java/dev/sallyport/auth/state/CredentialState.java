package dev.sallyport.auth.state;

import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Passwords and invites. The values are hashes; who reads this state can guess, but not sign in.
/// Users have at most one open invite, so a newer one closes the older.
public final class CredentialState {
  private final StateStore store;
  private final MfaState devices;

  public CredentialState(StateStore store) {
    this.store = store;
    this.devices = new MfaState(store);
  }

  /// The kept hash of a user's password.
  public Optional<Secret> password(String user) {
    return store
        .get(Keys.password(user))
        .map(item -> StateJson.read(item.value(), Password.class))
        .map(password -> Secret.of(password.hash()));
  }

  /// The open invite with that secret.
  public Optional<Invite> invite(Secret token) {
    return store
        .get(Keys.invite(token.reveal()))
        .map(item -> StateJson.read(item.value(), Invite.class));
  }

  /// The writes that open an invite and close an older one of the same user.
  public List<Write> open(Secret token, Invite invite) {
    var writes = new ArrayList<Write>();
    var key = Keys.invite(token.reveal());
    store
        .get(Keys.inviteOf(invite.user()))
        .map(item -> StateJson.read(item.value(), InviteOf.class))
        .ifPresent(old -> writes.add(Write.delete(old.key())));
    writes.add(Write.put(key, StateJson.write(invite), Condition.absent(), invite.expires()));
    writes.add(
        Write.put(
            Keys.inviteOf(invite.user()),
            StateJson.write(new InviteOf(key)),
            Condition.always(),
            invite.expires()));
    return List.copyOf(writes);
  }

  /// The writes that forget a user's password, devices and open invite.
  public List<Write> forget(String user) {
    var writes = new ArrayList<Write>();
    writes.addAll(forgetSecrets(user));
    store
        .get(Keys.inviteOf(user))
        .map(item -> StateJson.read(item.value(), InviteOf.class))
        .ifPresent(old -> writes.add(Write.delete(old.key())));
    writes.add(Write.delete(Keys.inviteOf(user)));
    return List.copyOf(writes);
  }

  /// Forgets what was set while a user was being deleted. Of a user who is there it forgets
  /// nothing.
  public void forgetLeft(String user) {
    var writes = new ArrayList<Write>();
    writes.add(new Write.Check(Keys.resource(Kind.USER, user), Condition.absent()));
    writes.addAll(forget(user));
    // A conflict means that the name is in use again: who made that user forgot all of this.
    var _ = store.commit(writes);
  }

  /// The writes that forget a user's password and devices.
  public List<Write> forgetSecrets(String user) {
    var writes = new ArrayList<Write>();
    writes.add(Write.delete(Keys.password(user)));
    writes.addAll(devices.forget(user));
    return List.copyOf(writes);
  }

  /// A user's devices.
  public List<MfaDeviceRecord> devices(String user) {
    return devices.devices(user);
  }

  /// The writes that use an invite up, set the password and do what goes with it. They fail if the
  /// invite is no longer open, the user is gone, or `more` can't be done.
  ///
  /// @param more writes that register a device
  public List<Write> redeem(
      Secret token, Invite invite, Secret passwordHash, Instant now, List<Write> more) {
    var user = Keys.resource(Kind.USER, invite.user());
    var writes = new ArrayList<Write>();
    writes.add(new Write.Delete(Keys.invite(token.reveal()), Condition.present()));
    writes.add(new Write.Check(user, Condition.present()));
    writes.add(Write.delete(Keys.inviteOf(invite.user())));
    writes.add(
        Write.put(
            Keys.password(invite.user()),
            StateJson.write(new Password(passwordHash.reveal(), now)),
            Condition.always()));
    more.stream().filter(write -> !write.key().equals(user)).forEach(writes::add);
    return List.copyOf(writes);
  }

  /// The writes that replace a user's password. They fail if there is none any more, or no such
  /// user.
  public List<Write> change(String user, Secret passwordHash, Instant now) {
    return List.of(
        new Write.Check(Keys.resource(Kind.USER, user), Condition.present()),
        Write.put(
            Keys.password(user),
            StateJson.write(new Password(passwordHash.reveal(), now)),
            Condition.present()));
  }

  /// As kept; never printed.
  private record Password(String hash, Instant changed) {
    @Override
    public String toString() {
      return "Password[redacted]";
    }
  }

  /// Where a user's open invite is kept.
  private record InviteOf(String key) {}
}
