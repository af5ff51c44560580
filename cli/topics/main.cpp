// Makes or checks the topics of Sluice.
#include "common/kafka/topics.hpp"

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string_view>

namespace {

constexpr auto usage =
    "usage: sluice-topics create|check [--brokers HOST:PORT,...] [--replication N]\n"
    "  create  makes the topics that are not there yet, with N replicas (1 to 9, default 1), then checks all\n"
    "  check   says which setting of which topic is wrong, what it is and what it must be\n"
    "brokers default to SLUICE_KAFKA_BROKERS; exit status: 0 all is as it must be, 1 something is not, 2 wrong usage\n";

struct Command {
    std::string verb, brokers;
    int replication = 1;
};
std::optional<int> replication_from(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > 9) return std::nullopt;
    return number;
}

std::optional<Command> parse(int argc, char** argv) {
    if (argc < 2) return std::nullopt;
    const auto* brokers = std::getenv("SLUICE_KAFKA_BROKERS");
    Command command{argv[1], brokers ? brokers : ""};
    for (int i = 2; i < argc; i += 2) {
        const std::string_view flag = argv[i];
        if (i + 1 == argc) return std::nullopt;
        const auto replication = replication_from(argv[i + 1]);
        if (flag == "--brokers")
            command.brokers = argv[i + 1];
        else if (flag == "--replication" && replication)
            command.replication = *replication;
        else
            return std::nullopt;
    }
    const bool known = command.verb == "create" || command.verb == "check";
    return known && !command.brokers.empty() ? std::optional{command} : std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 2 && argv[1] == std::string_view("--help")) return std::cout << usage, 0;
    const auto command = parse(argc, argv);
    if (!command) return std::cerr << usage, 2;
    using namespace sluice;
    auto done =
        command->verb == "create" ? kafka::create_topics(command->brokers, command->replication) : core::Result<void>{};
    if (done) done = kafka::check_topics(command->brokers);
    if (!done) return std::cerr << "sluice-topics: " << done.failure().text() << "\n", 1;
    for (const auto& topic : kafka::topics()) std::cout << topic.name << " is as it must be\n";
}
