"""Areas by dated code, shapes, adjustments, aliases and sets."""

import django.contrib.postgres.constraints
import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models

import gongzhi.areas.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=20, verbose_name="代码")),
                (
                    "level",
                    models.GeneratedField(
                        db_persist=True,
                        expression=gongzhi.areas.models.LevelOfCode(models.F("code")),
                        output_field=models.CharField(db_collation="C", max_length=9),
                    ),
                ),
                (
                    "parent",
                    models.GeneratedField(
                        db_persist=True,
                        expression=gongzhi.areas.models.ParentOfCode(models.F("code")),
                        output_field=models.CharField(db_collation="C", max_length=18),
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("short_name", models.CharField(max_length=60, verbose_name="简称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "省级"),
                            ("city", "地级"),
                            ("district", "区"),
                            ("county", "县"),
                            ("subdistrict", "街道"),
                            ("town", "镇"),
                            ("township", "乡"),
                            ("zone", "开发区等"),
                            ("residential", "居民区社区"),
                            ("unit_type", "单位型社区"),
                            ("urban", "城市社区"),
                            ("town_community", "城镇社区"),
                            ("village", "村"),
                            ("virtual", "虚拟社区"),
                            ("basic", "基础网格"),
                            ("dedicated", "专属网格"),
                            ("building", "楼栋"),
                            ("staircase", "楼道"),
                        ],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="启用日期")),
                ("valid_to", models.DateField(null=True, verbose_name="停用日期")),
                ("households", models.IntegerField(null=True, verbose_name="户数")),
                ("residents", models.IntegerField(null=True, verbose_name="人数")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("statistics", "统计用区划代码"),
                            ("entered", "本地录入"),
                            ("demo", "演示数据"),
                        ],
                        default="entered",
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AreaAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scheme", models.CharField(max_length=40, verbose_name="编码体系")),
                (
                    "foreign_code",
                    models.CharField(db_collation="C", max_length=60, verbose_name="外部代码"),
                ),
                ("code", models.CharField(db_collation="C", max_length=20, verbose_name="代码")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AreaSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("kind", models.CharField(max_length=40, verbose_name="类别")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AreaSetMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=20, verbose_name="代码")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="District",
            fields=[
                (
                    "code",
                    models.CharField(
                        db_collation="C", max_length=20, primary_key=True, serialize=False
                    ),
                ),
                ("folder", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60)),
                ("reference_prefix", models.CharField(max_length=4)),
                ("longitude", models.FloatField()),
                ("latitude", models.FloatField()),
                ("level_names", models.JSONField()),
                ("kind_names", models.JSONField(default=dict)),
                ("grids_used", models.BooleanField(default=True)),
                ("digest", models.CharField(max_length=64)),
                ("loaded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ShapeRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("households", models.IntegerField(null=True)),
                ("residents", models.IntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("split", "拆分"),
                            ("merge", "合并"),
                            ("renumber", "重新编码"),
                            ("rename", "更名"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "计划中"), ("done", "已完成")], max_length=7
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=20, verbose_name="代码")),
                ("title", models.CharField(max_length=120, verbose_name="事项")),
                ("batch", models.SmallIntegerField(default=1, verbose_name="批次")),
                ("takes_effect", models.DateField(verbose_name="生效日期")),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(models.F("code"), name="areas_adjustment_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(("done_at", None), ("state", "planned")),
                            _connector="OR",
                        ),
                        name="areas_adjustment_done_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("batch__gte", 1)), name="areas_adjustment_batch"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AreaShape",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="shape",
                        serialize=False,
                        to="areas.area",
                    ),
                ),
                ("geometry", models.BinaryField()),
                ("schematic", models.BooleanField(default=False, verbose_name="示意")),
                ("label_lon", models.FloatField()),
                ("label_lat", models.FloatField()),
            ],
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(
                models.F("code"), models.F("valid_from"), name="areas_area_code_days"
            ),
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(models.F("parent"), models.F("code"), name="areas_area_children"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("code", "="),
                    (gongzhi.areas.models.Validity("valid_from", "valid_to"), "&&"),
                ],
                name="areas_area_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(
                models.F("code"),
                condition=models.Q(("valid_to", None)),
                name="areas_area_one_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9]+$"), ("level__isnull", False)),
                name="areas_area_code_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="areas_area_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("households", None), ("households__gte", 0), _connector="OR"),
                    models.Q(("residents", None), ("residents__gte", 0), _connector="OR"),
                ),
                name="areas_area_counts_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["province"]), ("level", "province")),
                    models.Q(("kind__in", ["city"]), ("level", "city")),
                    models.Q(("kind__in", ["district", "county"]), ("level", "district")),
                    models.Q(
                        ("kind__in", ["subdistrict", "town", "township", "zone"]),
                        ("level", "street"),
                    ),
                    models.Q(
                        (
                            "kind__in",
                            [
                                "residential",
                                "unit_type",
                                "urban",
                                "town_community",
                                "village",
                                "virtual",
                            ],
                        ),
                        ("level", "community"),
                    ),
                    models.Q(("kind__in", ["basic", "dedicated"]), ("level", "grid")),
                    models.Q(("kind__in", ["building"]), ("level", "building")),
                    models.Q(("kind__in", ["staircase"]), ("level", "staircase")),
                    _connector="OR",
                ),
                name="areas_area_kind_fits_level",
            ),
        ),
        migrations.AddIndex(
            model_name="areaalias",
            index=models.Index(models.F("code"), name="areas_alias_code"),
        ),
        migrations.AddConstraint(
            model_name="areaalias",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("scheme", "="),
                    ("foreign_code", "="),
                    (gongzhi.areas.models.Validity("valid_from", "valid_to"), "&&"),
                ],
                name="areas_alias_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="areaalias",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="areas_alias_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="areaset",
            constraint=models.UniqueConstraint(
                models.F("kind"), models.F("name"), models.F("valid_from"), name="areas_set_once"
            ),
        ),
        migrations.AddField(
            model_name="areasetmember",
            name="area_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="members",
                to="areas.areaset",
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="adjustment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successions",
                to="areas.adjustment",
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="predecessor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="areas.area",
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="successor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="preceded_by",
                to="areas.area",
            ),
        ),
        migrations.AddConstraint(
            model_name="areasetmember",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("area_set", "="),
                    ("code", "="),
                    (gongzhi.areas.models.Validity("valid_from", "valid_to"), "&&"),
                ],
                name="areas_set_member_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(
                models.F("adjustment"),
                models.F("predecessor"),
                models.F("successor"),
                name="areas_succession_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                name="areas_succession_not_itself",
            ),
        ),
    ]
