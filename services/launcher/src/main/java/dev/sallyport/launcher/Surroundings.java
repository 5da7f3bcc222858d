package dev.sallyport.launcher;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/// What a run of the command sees of the world.
///
/// @param out where results and the ready lines go
/// @param err where errors go
/// @param env the environment
/// @param clock the time
/// @param reloads asks a running process to read its configuration again
record Surroundings(
    PrintStream out,
    PrintStream err,
    Map<String, String> env,
    InstantSource clock,
    Reloads reloads) {
  /// Copies the environment.
  Surroundings {
    env = Map.copyOf(env);
  }
}
