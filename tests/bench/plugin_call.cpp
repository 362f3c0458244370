// What a call to a component costs: a C++ object's virtual function, the same through the plugin ABI in this process,
// and in a process of its own; and what listing a hundred manifests costs. Prints the best of several rounds. Calls to
// another process are measured on one core, where they cost what they take to do, and on all: there the time in which a
// core wakes from sleep is added, which a virtual machine makes long. The bare socket pair shows how long.
#include <aisci/plugin/agent.hpp>
#include <aisci/plugin/value_function.hpp>
#include <aisci/registry.hpp>

#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

class Direct final : public aisci::ValueFunction {
 public:
  aisci::Status evaluate(std::span<const aisci::NodeView> nodes, std::span<aisci::Score> scores,
                         const aisci::CallContext&) override {
    for (std::size_t i = 0; i < nodes.size(); ++i)
      scores[i] = {1.0 / (1.0 + static_cast<double>(nodes[i].visits)), std::nullopt, aisci::StatusCode::kOk};
    return {};
  }
};

struct Plugged final : aisci::plugin::ValueFunction {
  aisci::plugin::Score evaluate(const aisci::plugin::NodeView& node, aisci::plugin::Call&) override {
    return {.value = 1.0 / (1.0 + static_cast<double>(node.visits()))};
  }
};
AISCI_STATIC_PLUGIN(plugged, "org.aisci.bench.plugged", "1.0.0", AISCI_VALUE_FUNCTION("plugged", Plugged))

// Nanoseconds a call, of the quietest of 21 rounds: what else the machine does is not what is asked.
template <typename Body>
double quiet_ns(int calls, Body&& body) {
  std::vector<double> rounds;
  for (int round = 0; round < 21; ++round) {
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < calls; ++i) body();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
    rounds.push_back(took.count() / calls);
  }
  return *std::min_element(rounds.begin(), rounds.end());
}

double evaluate_ns(aisci::ValueFunction& function, std::size_t nodes, int calls) {
  std::vector<aisci::NodeView> views(nodes);
  for (aisci::NodeView& view : views) view.metrics = {{"accuracy", 0.7}, {"novelty", 0.4}, {"significance", 0.5}};
  std::vector<aisci::Score> scores(nodes);
  const aisci::CallContext context;
  double sum = 0;
  const double ns = quiet_ns(calls, [&] {
    if (!function.evaluate(views, scores, context).ok()) std::abort();
    sum += scores[0].value;
  });
  if (sum <= 0) std::abort();
  return ns;
}

std::shared_ptr<aisci::ValueFunction> from_file(const char* file, const char* id, aisci::Isolation isolation) {
  aisci::Registry registry;
  const aisci::Status status = registry.load_plugin(file, {{}, isolation, {}});
  if (!status.ok()) std::printf("%s\n", status.to_string().c_str());
  return registry.create_value_function(id).value();
}

void list_manifests() {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "aisci-bench-manifests";
  fs::remove_all(folder);
  fs::create_directory(folder);
  std::ostringstream text;
  text << std::ifstream{AISCI_BINARY_DIR "/plugins/visits/visits.aisci.json"}.rdbuf();
  for (int i = 0; i < 100; ++i) {
    const std::string name = (folder / ("p" + std::to_string(i))).string();
    std::ofstream{name + ".aisci.json"} << text.str();
    fs::copy_file(AISCI_BINARY_DIR "/plugins/visits/visits.so", name + ".so");
  }
  const double ns = quiet_ns(3, [&] {
    aisci::Registry registry;
    if (!registry.load_folder(folder).ok()) std::abort();
  });
  std::printf("listing 100 manifests                       %9.2f ms\n", ns / 1e6);
  fs::remove_all(folder);
}

// A message there and back between two processes, and nothing else.
void bare_socket(std::size_t bytes) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) std::abort();
  std::string buffer(bytes, 'x');
  const auto receive = [&](int fd) {
    return ::recv(fd, buffer.data(), bytes, MSG_WAITALL) == static_cast<ssize_t>(bytes);
  };
  const auto send = [&](int fd) {
    return ::send(fd, buffer.data(), bytes, MSG_NOSIGNAL) == static_cast<ssize_t>(bytes);
  };
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pair[0]);
    while (receive(pair[1]) && send(pair[1])) {
    }
    ::_exit(0);
  }
  ::close(pair[1]);
  const double ns = quiet_ns(300, [&] {
    if (!send(pair[0]) || !receive(pair[0])) std::abort();
  });
  ::close(pair[0]);
  ::waitpid(child, nullptr, 0);
  std::printf("  bare socket pair, %6zu bytes there and back %7.1f us\n", bytes, ns / 1e3);
}

void echo(std::size_t bytes) {
  aisci::Registry registry;
  if (!registry.load_folder(AISCI_BINARY_DIR "/plugins/all_kinds", {{}, aisci::Isolation::kProcess, {}}).ok()) return;
  const auto agent = registry.create_agent("echo").value();
  const std::string input(bytes, 'x');
  const double ns = quiet_ns(300, [&] {
    if (!agent->act("echo.input", input, {}).ok()) std::abort();
  });
  std::printf("agent, own process, %6zu bytes there and back %7.1f us\n", bytes, ns / 1e3);
}

void out_of_process() {
  const auto apart = from_file(AISCI_BINARY_DIR "/plugins/visits/visits.so", "visits", aisci::Isolation::kProcess);
  for (const std::size_t nodes : {std::size_t{1}, std::size_t{16}})
    std::printf("value function, own process, %2zu nodes         %7.1f us\n", nodes,
                evaluate_ns(*apart, nodes, 300) / 1e3);
  for (const std::size_t bytes : {std::size_t{100}, std::size_t{4096}, std::size_t{65536}}) {
    echo(bytes);
    bare_socket(bytes);
  }
}

// What this process may run on from now on, and those it starts.
void use(const cpu_set_t& cores) {
  if (::sched_setaffinity(0, sizeof cores, &cores) != 0) std::abort();
}

}  // namespace

int main() {
  Direct direct;
  aisci::Registry registry;
  if (!registry.register_static(&plugged).ok()) return 1;
  const auto plugged_in = registry.create_value_function("plugged").value();
  const auto in_c = from_file(AISCI_BINARY_DIR "/plugins/visits/visits.so", "visits", aisci::Isolation::kInProcess);
  for (const std::size_t nodes : {std::size_t{1}, std::size_t{16}}) {
    const double base = evaluate_ns(direct, nodes, 200'000);
    std::printf("value function, %2zu nodes, C++ virtual call     %9.1f ns\n", nodes, base);
    std::printf("  through the ABI, SDK                       %+9.1f ns\n",
                evaluate_ns(*plugged_in, nodes, 200'000) - base);
    std::printf("  through the ABI, plain C, concurrent       %+9.1f ns\n", evaluate_ns(*in_c, nodes, 200'000) - base);
  }
  cpu_set_t all;
  cpu_set_t one;
  if (::sched_getaffinity(0, sizeof all, &all) != 0) std::abort();
  CPU_ZERO(&one);
  CPU_SET(::sched_getcpu(), &one);
  std::puts("on one core:");
  use(one);
  out_of_process();
  std::puts("on all cores:");
  use(all);
  out_of_process();
  list_manifests();
  return 0;
}
