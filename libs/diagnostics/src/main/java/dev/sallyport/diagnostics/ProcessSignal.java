package dev.sallyport.diagnostics;

import java.lang.reflect.Proxy;

/// A signal of POSIX that a process may take in the place of what it usually does.
///
/// Java has no other door to signals than `sun.misc.Signal`.
public enum ProcessSignal {
  /// Ends a process unless it is taken; services read their files again instead.
  HANG_UP("HUP"),
  /// What a terminal sends to all its programs with Ctrl-C.
  INTERRUPT("INT");

  private final String posixName;

  ProcessSignal(String posixName) {
    this.posixName = posixName;
  }

  /// Takes it from now on. A handler is not inherited by programs that are started, while an
  /// ignored signal would be.
  ///
  /// @param then runs on a thread of the JVM's with each signal
  /// @return false where it can't be taken and keeps its meaning: Windows has no such signal, this
  ///   Java no such door, or who started the process had it ignored, as nohup does with HUP
  public boolean take(Runnable then) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var before =
          signal
              .getMethod("handle", signal, handler)
              .invoke(
                  null,
                  signal.getConstructor(String.class).newInstance(posixName),
                  running(handler, then));
      return !handler.getField("SIG_IGN").get(null).equals(before);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  private Object running(Class<?> handler, Runnable then) {
    return Proxy.newProxyInstance(
        handler.getClassLoader(),
        new Class<?>[] {handler},
        (self, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                then.run();
                yield null;
              }
              case "hashCode" -> System.identityHashCode(self);
              case "equals" ->
                  arguments != null
                      && System.identityHashCode(self) == System.identityHashCode(arguments[0]);
              default -> posixName;
            });
  }
}
