package dev.sallyport.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A store that was never opened: what a test's field holds before the first real one.
final class ClosedStore implements StateStore {
  @Override
  public Optional<Item> get(String key) {
    throw closed();
  }

  @Override
  public List<Item> range(String prefix, String after, int limit) {
    throw closed();
  }

  @Override
  public CommitResult commit(List<Write> writes) {
    throw closed();
  }

  @Override
  public long revision() {
    throw closed();
  }

  @Override
  public FeedPage changes(long since, List<String> prefixes, int limit) {
    throw closed();
  }

  @Override
  public long awaitBeyond(long revision, Duration atMost) {
    throw closed();
  }

  @Override
  public int deleteExpired(int limit) {
    throw closed();
  }

  @Override
  public void close() {}

  private static StoreException closed() {
    return new StoreException("not open");
  }
}
