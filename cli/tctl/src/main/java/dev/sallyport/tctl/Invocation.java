package dev.sallyport.tctl;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/// One run of the tool: everything that it may see of the machine, so that tests can run it whole
/// and side by side.
record Invocation(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path home,
    InstantSource clock) {}
