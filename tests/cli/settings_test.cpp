#include "cli/settings.hpp"

#include "cli/names.hpp"
#include "tests/cli/shell.hpp"

namespace sluice::cli {
namespace {

const Variable no_environment = [](const std::string&) { return std::nullopt; };

TEST(EnvFile, gives_what_a_shell_would_export) {
    std::istringstream in{"# a comment\nexport A=one\nB=two words\nexport C='x y'\nexport D=\"z\"\r\nexport E=a=b\n"};
    const std::map<std::string, std::string> expected{
        {"A", "one"}, {"B", "two words"}, {"C", "x y"}, {"D", "z"}, {"E", "a=b"}};
    EXPECT_EQ(read_env(in), expected);
}

TEST(EnvFile, passes_over_what_is_no_assignment_and_runs_nothing) {
    std::istringstream in{"rm -rf /\nexport\nexport =x\n=y\nif A=b; then\nexport F=$(id)\n"};
    const std::map<std::string, std::string> expected{{"F", "$(id)"}};
    EXPECT_EQ(read_env(in), expected);
}

TEST(Settings, come_from_the_environment_first) {
    const Folder folder;
    write_file(folder.path / ".dev/env", "export SLUICE_A=file\nexport SLUICE_B=file\nexport SLUICE_C=\n");
    const Settings settings{[](const std::string& name) -> std::optional<std::string> {
                                if (name == "SLUICE_A") return "environment";
                                if (name == "SLUICE_B") return "";
                                return std::nullopt;
                            },
                            folder.path};
    EXPECT_EQ(settings.find("SLUICE_A"), "environment");
    EXPECT_EQ(settings.find("SLUICE_B"), "file");
    EXPECT_EQ(settings.find("SLUICE_C"), std::nullopt);
}

TEST(Settings, are_found_in_a_folder_above) {
    const Folder folder;
    write_file(folder.path / ".dev/env", "export SLUICE_A=above\n");
    const auto below = folder.path / "examples/fraud";
    std::filesystem::create_directories(below);
    EXPECT_EQ(Settings(no_environment, below).find("SLUICE_A"), "above");
}

TEST(Settings, are_in_the_folder_that_is_named_and_nowhere_else) {
    const Folder folder;
    write_file(folder.path / ".dev/env", "export SLUICE_A=near\n");
    write_file(folder.path / "other/env", "export SLUICE_B=far\n");
    const auto named = [&](std::string place) -> Variable {
        return
            [place](const std::string& name) { return name == "SLUICE_DEV_DIR" ? std::optional{place} : std::nullopt; };
    };
    const Settings absolute{named(folder.path / "other"), folder.path}, relative{named("other"), folder.path};
    EXPECT_EQ(absolute.find("SLUICE_B"), "far");
    EXPECT_EQ(relative.find("SLUICE_B"), "far");
    EXPECT_EQ(absolute.find("SLUICE_A"), std::nullopt);
    EXPECT_EQ(Settings(named("nowhere"), folder.path).find("SLUICE_A"), std::nullopt);
}

TEST(Settings, say_where_a_missing_one_can_be_set) {
    const Folder folder;
    try {
        Settings{no_environment, folder.path}.get("SLUICE_CONSOLE_URL");
        FAIL();
    } catch (const Ended& ended) {
        EXPECT_TRUE(has(ended.what(), "SLUICE_CONSOLE_URL is not set")) << ended.what();
        EXPECT_TRUE(has(ended.what(), "./dev up")) << ended.what();
    }
}

TEST(Names, read_a_version_of_a_model) {
    OneVersion of;
    EXPECT_EQ(read("cards.fraud/12", of), "");
    EXPECT_EQ(of.text(), "cards.fraud/12");
    for (const auto* wrong : {"fraud", "fraud/", "fraud/0", "fraud/-1", "fraud/1x", "fraud/99999999999", "/1",
                              "Fraud/1", "a/b/1", "fraud/ 1"})
        EXPECT_NE(read(wrong, of), "") << wrong;
    EXPECT_EQ(read("fraud", of), "'fraud' names no version; write MODEL/N, as in fraud/3");
}

TEST(Names, read_a_model_with_or_without_a_version) {
    ModelOrVersion of;
    EXPECT_EQ(read("fraud", of), "");
    EXPECT_EQ(of.version, 0u);
    EXPECT_EQ(read("fraud/3", of), "");
    EXPECT_EQ(of.version, 3u);
    EXPECT_NE(read("fraud/", of), "");
}

TEST(Names, read_a_model_and_nothing_more) {
    ModelName model;
    EXPECT_EQ(read("fraud", model), "");
    EXPECT_EQ(read("fraud/3", model), "'fraud/3' is a version; here a model is wanted, as in fraud");
    EXPECT_NE(read("a.b.c.d", model), "");
    EXPECT_NE(read("", model), "");
}

TEST(Names, show_a_typed_escape_harmlessly) {
    EndpointName endpoint;
    EXPECT_TRUE(has(read("\x1b[2J", endpoint), "'?[2J' cannot name an endpoint"));
}

}  // namespace
}  // namespace sluice::cli
