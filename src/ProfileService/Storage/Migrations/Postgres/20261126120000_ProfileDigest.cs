using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ProfileDigest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Rows that stand count as by the model that was served, as which they were answered until now; of those of other models none has that digest. Said by the
            // column's default, no row is rewritten. A row that a former service writes from now on does not say, and counts as by no model.
            migrationBuilder.Sql("""
                DO $$ BEGIN
                    EXECUTE format('ALTER TABLE profiles ADD COLUMN digest text COLLATE "C" NOT NULL DEFAULT %L',
                        coalesce((SELECT split_part(model, '@', 2) FROM served_model WHERE model NOT LIKE 'marking %'), ''));
                    ALTER TABLE profiles ALTER COLUMN digest SET DEFAULT '';
                END $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "digest", table: "profiles");
        }
    }
}
