using CustomExecutor.Core;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Tests.Host.Files;

/// <summary>Removal of trees that hostile scripts have made.</summary>
public sealed class DirectoryRemovalSpecs : IAsyncLifetime
{
    private HostileTree _tree = null!;

    public async ValueTask InitializeAsync() => _tree = await HostileTree.Create();

    [Theory]
    [InlineData("true")]
    [InlineData(
        "n=$(printf 'x%.0s' {1..100}); for i in {1..60}; do mkdir $n; cd -P $n; done; touch file",
        Label = "longer than PATH_MAX"
    )]
    [InlineData("n=$(printf 'x%.0s' {1..255}); mkdir $n; touch $n/$n")]
    [InlineData(
        @"mkdir $'a\xff' $'\xc3('; touch -- $'a\xff/\xfe' $'\xc3(/\xed\xa0\x80' $'new\nline' '*' ' ' ... ..x .x -rf $'\e[2J'"
    )]
    [InlineData("mkfifo pipe; mkdir d; mkfifo d/pipe; mknod device c 1 5; mknod block b 7 99; mknod zero c 1 3")]
    [InlineData(
        "perl -MSocket -e 'socket(S,AF_UNIX,SOCK_STREAM,0); bind(S,pack_sockaddr_un(\"socket\"))'; test -S socket"
    )]
    [InlineData("mkdir -p a/b/c d; touch a/b/c/f; chmod 0 a/b/c a/b; chmod 0111 a; chmod 7777 d; chmod 0 .")]
    [InlineData(
        "ln -s OUTSIDE l; ln -s OUTSIDE/1/file f; ln -s . self; ln -s .. up; ln -s x x; ln -s / root; ln -s "
            + "/proc/self/fd fd; mkdir d; ln -s OUTSIDE d/l"
    )]
    [InlineData("echo x > f; ln f g; mkdir d; ln f d/h; truncate -s 1T sparse; chmod 0 f sparse")]
    [InlineData("mkdir {1..12000}; touch {1..2000}/{a,b}", Label = "more than are kept at a time")]
    [InlineData("rmdir \"$PWD\"; touch \"$PWD\"", Label = "a file in its place")]
    [InlineData("rmdir \"$PWD\"; mkfifo \"$PWD\"", Label = "a pipe in its place")]
    [InlineData("rmdir \"$PWD\"; ln -s OUTSIDE \"$PWD\"", Label = "a link in its place")]
    [InlineData("rmdir \"$PWD\"", Label = "nothing in its place")]
    public async Task I_can_remove_whatever_a_script_leaves_and_nothing_outside(string script)
    {
        await _tree.Script(script);

        DirectoryRemoval.Remove(_tree.Top);

        _tree.Exists.Should().BeFalse();
        _tree.OutsideShouldBeWhole();
    }

    [Fact]
    public async Task I_can_remove_files_that_are_open()
    {
        await _tree.Script("touch file");
        using var open = File.OpenRead(Path.Combine(_tree.Top, "file"));

        DirectoryRemoval.Remove(_tree.Top);

        _tree.Exists.Should().BeFalse();
    }

    [Fact]
    public async Task An_immutable_file_is_reported_with_its_reason_and_the_others_are_removed()
    {
        await _tree.Script("mkdir -p a/b c; touch a/b/{x,y} c/z");
        await _tree.Script("chattr +i a/b/x || true");
        Assert.SkipUnless(
            (await Output("lsattr a/b/x")).Contains('i'),
            "This file system has no immutable attribute, or this user may not set it."
        );
        try
        {
            var removal = () => DirectoryRemoval.Remove(_tree.Top);

            removal
                .Should()
                .Throw<DriverException>()
                .WithMessage($"{_tree.Top} can't be removed completely: a/b/x: it is immutable*");
            Directory
                .GetFileSystemEntries(_tree.Top, "*", SearchOption.AllDirectories)
                .Should()
                .HaveCount(3, "only it and the directories above it are left");
        }
        finally
        {
            await _tree.Script("chattr -i a/b/x");
        }
    }

    [Theory]
    [InlineData("mount -t tmpfs tmpfs a/b")]
    [InlineData("mount --bind \"$PWD/../outside\" a/b")]
    public async Task What_is_mounted_in_it_is_left_as_it_is_and_reported_and_the_rest_is_removed(string mount)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can mount.");
        await _tree.Script($"mkdir -p a/b c ../outside; touch c/z; {mount}; touch a/b/precious");
        try
        {
            var removal = () => DirectoryRemoval.Remove(_tree.Top);

            removal.Should().Throw<DriverException>().WithMessage("*a/b: *mounted*");
            File.Exists(Path.Combine(_tree.Top, "a/b/precious")).Should().BeTrue("what is mounted may be anybody's");
            Directory.Exists(Path.Combine(_tree.Top, "c")).Should().BeFalse();
        }
        finally
        {
            await _tree.Script("umount a/b");
        }
    }

    [Fact]
    public void Another_directory_than_the_one_that_was_judged_is_left()
    {
        var judged = FileMetadata.Of(_tree.Top)!;
        Directory.Move(_tree.Top, _tree.Top + ".old");
        Directory.CreateDirectory(_tree.Top);

        var removal = () => DirectoryRemoval.Remove(_tree.Top, judged);

        removal.Should().Throw<DriverException>().WithMessage("*another directory has taken its place");
        _tree.Exists.Should().BeTrue();
    }

    [Theory]
    [InlineData("/no/such/directory/at-all")]
    [InlineData("/etc/passwd/below-a-file")]
    public void It_is_no_error_if_there_is_nothing(string path) => DirectoryRemoval.Remove(path);

    public ValueTask DisposeAsync()
    {
        _tree.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> Output(string script)
    {
        var file = Path.Combine(_tree.Elsewhere, "output");
        await _tree.Script($"{script} > {file}");
        return await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
    }
}
