package dev.sallyport.agent.session;

/// How many at one time.
///
/// @param all connections of users
/// @param ofUser connections of one user
/// @param ofDatabase connections to one database
/// @param requests requests that are held whole and not over
public record ConnectionLimits(int all, int ofUser, int ofDatabase, int requests) {
  /// 20,000, 2,000, 20,000 and 10,000.
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(20_000, 2_000, 20_000, 10_000);
}
