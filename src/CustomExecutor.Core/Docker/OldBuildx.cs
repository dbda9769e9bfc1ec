namespace CustomExecutor.Core.Docker;

/// <summary>
/// Shell text that gives <c>--load</c> to a build that names no output, for a buildx that has no option
/// <c>default-load</c>. GitLab's recipes build and push in two commands, and the docker images that they name (24, 25)
/// have such a buildx.
/// </summary>
internal static class OldBuildx
{
    /// <summary>What the file of <see cref="EngineClient.LookedFile"/> says of such a buildx.</summary>
    public const string Word = "load";

    /// <summary>
    /// It skips the values of options before the command. The option goes right behind the command's name: behind a
    /// <c>--</c> it would be an argument. A classic build (<c>DOCKER_BUILDKIT=0</c>) does not know it.
    /// </summary>
    public const string AddLoad = $$"""
        { read -r _knows <"$_looked"; } 2>/dev/null
        _at= _count=0 _value=
        case "$_knows $BUILDX_NO_DEFAULT_LOAD $DOCKER_BUILDKIT" in
        "{{Word}}  " | "{{Word}}  "[1tT]*)
            for _word; do
                _count=$((_count + 1))
                if [ -n "$_at" ]; then
                    case "$_word" in
                    -o* | --output | --output=* | --push | --push=* | --load | --load=* | --print* | --call* | --check)
                        _at=
                        break
                        ;;
                    esac
                elif [ -n "$_value" ]; then
                    _value=
                else
                    case "$_word" in
                    build | b) _at=$_count ;;
                    buildx | image | builder) ;;
                    --builder | --config | -c | --context | -H | --host | -l | --log-level) _value=1 ;;
                    --tlscacert | --tlscert | --tlskey) _value=1 ;;
                    -*) ;;
                    *) break ;;
                    esac
                fi
            done
            ;;
        esac
        if [ -n "$_at" ]; then
            _count=0
            for _word; do
                _count=$((_count + 1))
                set -- "$@" "$_word"
                [ "$_count" -ne "$_at" ] || set -- "$@" --load
            done
            shift "$_count"
        fi
        """;
}
