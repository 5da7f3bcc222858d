package dev.sallyport.tsh;

import java.lang.reflect.Proxy;

/// Leaves Ctrl-C to a program that runs in the foreground instead of tsh.
///
/// The terminal sends the signal to both. A handler that does nothing is not inherited by programs
/// that are started, while an ignored signal would be. Java has no other door to signals than
/// `sun.misc.Signal`; where that is missing, Ctrl-C ends tsh as well.
final class Interrupts {
  private Interrupts() {}

  static void leaveToProgram() {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var nothing =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" ->
                        arguments != null
                            && System.identityHashCode(self)
                                == System.identityHashCode(arguments[0]);
                    case "toString" -> "nothing";
                    default -> null;
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), nothing);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Ctrl-C ends tsh as well
    }
  }
}
