package dev.sallyport.auth.state;

import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.Item;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Users' second factors. Secrets of code generators are kept as they are, since codes are computed
/// from them: who reads this state can make codes, but has no password.
public final class MfaState {
  private final StateStore store;

  public MfaState(StateStore store) {
    this.store = store;
  }

  /// A user's devices, by name.
  public List<MfaDeviceRecord> devices(String user) {
    return store.all(Keys.mfaDevices(user)).stream()
        .map(MfaState::read)
        .sorted(Comparator.comparing(MfaDeviceRecord::name))
        .toList();
  }

  /// Whose a key is.
  public Optional<Holder> holder(byte[] credentialId) {
    return store
        .get(Keys.mfaCredential(credentialId))
        .map(item -> StateJson.read(item.value(), Holder.class));
  }

  /// The writes that register a device. They fail if the key is somebody's already.
  public List<Write> add(String user, MfaDeviceRecord device) {
    var writes = new ArrayList<Write>();
    writes.add(Write.put(key(user, device), write(device), Condition.absent()));
    if (device.factor() instanceof MfaDeviceRecord.Key held) {
      writes.add(
          Write.put(
              Keys.mfaCredential(held.id()),
              StateJson.write(new Holder(user, device.id())),
              Condition.absent()));
    }
    return List.copyOf(writes);
  }

  /// The write that keeps what a use changed. It fails if the device was used meanwhile.
  public Write use(String user, MfaDeviceRecord device) {
    return Write.put(key(user, device), write(device), Condition.atRevision(device.revision()));
  }

  /// The write that marks what is good for one use. It fails if that was used.
  public Write once(String token, Instant expires) {
    return Write.put(Keys.used(token), "{}", Condition.absent(), expires);
  }

  /// The writes that remove a device. They fail if it was removed meanwhile.
  public List<Write> remove(String user, MfaDeviceRecord device) {
    var writes = new ArrayList<Write>();
    writes.add(new Write.Delete(key(user, device), Condition.present()));
    if (device.factor() instanceof MfaDeviceRecord.Key held) {
      writes.add(Write.delete(Keys.mfaCredential(held.id())));
    }
    return List.copyOf(writes);
  }

  /// The writes that forget all of a user's devices.
  public List<Write> forget(String user) {
    return devices(user).stream().flatMap(device -> remove(user, device).stream()).toList();
  }

  /// The check that a user is still there.
  public Write present(String user) {
    return new Write.Check(Keys.resource(Kind.USER, user), Condition.present());
  }

  /// Commits all or nothing.
  ///
  /// @return false if something changed meanwhile
  public boolean commit(List<Write> writes) {
    return writes.isEmpty() || store.commit(writes) instanceof CommitResult.Committed;
  }

  private static String key(String user, MfaDeviceRecord device) {
    return Keys.mfaDevices(user) + device.id();
  }

  private static String write(MfaDeviceRecord device) {
    var totp = device.factor() instanceof MfaDeviceRecord.Totp held ? held : null;
    var key = device.factor() instanceof MfaDeviceRecord.Key held ? held : null;
    return StateJson.write(
        new Kept(
            device.id(),
            device.name(),
            device.added(),
            device.lastUsed().orElse(null),
            totp == null ? null : new KeptTotp(totp.secret().reveal(), totp.lastStep()),
            key));
  }

  private static MfaDeviceRecord read(Item item) {
    var kept = StateJson.read(item.value(), Kept.class);
    return new MfaDeviceRecord(
        kept.id(),
        kept.name(),
        kept.added(),
        Optional.ofNullable(kept.lastUsed()),
        factor(kept),
        item.revision());
  }

  private static MfaDeviceRecord.Factor factor(Kept kept) {
    var key = kept.key();
    if (key != null) {
      return key;
    }
    var totp = kept.totp();
    if (totp == null) {
      throw new IllegalStateException("device " + kept.id() + " in the state is of no known kind");
    }
    return new MfaDeviceRecord.Totp(Secret.of(totp.secret()), totp.lastStep());
  }

  /// Whose a key is.
  public record Holder(String user, String device) {}

  private record Kept(
      String id,
      String name,
      Instant added,
      @Nullable Instant lastUsed,
      @Nullable KeptTotp totp,
      MfaDeviceRecord.@Nullable Key key) {}

  /// As kept; never printed.
  private record KeptTotp(String secret, long lastStep) {
    @Override
    public String toString() {
      return "KeptTotp[redacted]";
    }
  }
}
