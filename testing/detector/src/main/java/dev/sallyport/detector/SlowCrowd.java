package dev.sallyport.detector;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that begin and don't end: some send a drop now and then, some nothing more, some ask and
 * never read an answer. Tells how many are still connected, and what this process holds, theirs
 * included. To be used by one thread; closes all connections.
 */
public final class SlowCrowd implements AutoCloseable {
  private static final int SETTLED_WITHIN = 3;

  private final List<Dripping> dripping = new ArrayList<>();
  private final List<Socket> silent = new ArrayList<>();
  private final List<Thread> asking = new ArrayList<>();
  private final List<Socket> all = new ArrayList<>();

  private record Dripping(Socket socket, String drop) {}

  /** Sends what it begins with, and one drop each time. */
  public void addDripping(Socket socket, String begun, String drop) throws IOException {
    all.add(socket);
    socket.getOutputStream().write(bytes(begun));
    dripping.add(new Dripping(socket, drop));
  }

  /** Sends what it begins with, and no more. */
  public void addSilent(Socket socket, String begun) throws IOException {
    all.add(socket);
    socket.getOutputStream().write(bytes(begun));
    socket.setSoTimeout(1);
    silent.add(socket);
  }

  /** Asks again and again, and reads nothing. */
  public void addAsking(Socket socket, String request) {
    all.add(socket);
    asking.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (true) {
                  socket.getOutputStream().write(bytes(request));
                }
              } catch (IOException ended) {
                return;
              }
            }));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Sends the next drops. */
  public void drip() {
    dripping.removeIf(one -> {
      try {
        one.socket.getOutputStream().write(bytes(one.drop));
        return false;
      } catch (IOException ended) {
        return true;
      }
    });
  }

  /** How many there were. */
  public int count() {
    return all.size();
  }

  /** How many have not been ended, as far as they know. */
  public int left() {
    silent.removeIf(SlowCrowd::isOver);
    asking.removeIf(one -> !one.isAlive());
    return dripping.size() + silent.size() + asking.size();
  }

  private static boolean isOver(Socket socket) {
    try {
      // What it is told before the end is of no interest.
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (SocketTimeoutException nothingYet) {
      return false;
    } catch (IOException ended) {
      return true;
    }
  }

  /** Bytes that this process holds on its heap and beside it, without garbage. */
  public static long held() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < SETTLED_WITHIN; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least
        + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
  }

  @Override
  public String toString() {
    return "%d that drip, %d that are silent, %d that ask"
        .formatted(dripping.size(), silent.size(), asking.size());
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : all) {
      socket.close();
    }
  }
}
