package dev.sallyport.tsh.tunnel;

import java.util.Optional;

/// What a tunnel is for.
public record RouteWish(String database, String dbUser, Optional<String> dbName) {}
